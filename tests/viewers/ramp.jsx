import { IIIFPlayer, MediaPlayer, MetadataDisplay, StructuredNavigation, Transcript } from "@samvera/ramp";
import "@samvera/ramp/dist/ramp.css";
import React from "react";
import { createRoot } from "react-dom/client";
import "video.js/dist/video-js.css";

const manifest = new URLSearchParams(location.search).get("manifest");
createRoot(document.getElementById("viewer")).render(
  <IIIFPlayer manifestUrl={manifest}>
    <MediaPlayer />
    <StructuredNavigation />
    <Transcript playerID="iiif-media-player" manifestUrl={manifest} />
    <MetadataDisplay />
  </IIIFPlayer>,
);
