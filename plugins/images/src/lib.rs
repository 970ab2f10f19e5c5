//! Decodes, resizes, converts and encodes untrusted PNG, JPEG and WebP images inside of a sandbox.
