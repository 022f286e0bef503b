import Viewer from "@samvera/clover-iiif/viewer";
import React from "react";
import { createRoot } from "react-dom/client";

const manifest = new URLSearchParams(location.search).get("manifest");
createRoot(document.getElementById("viewer")).render(<Viewer iiifContent={manifest} />);
