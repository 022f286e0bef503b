"""Reads captions: WebVTT of any producer, SubRip, SBV."""
