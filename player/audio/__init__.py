"""Values into sound: passages, clips, waveforms, readings."""
