//! The rules that no recorded answer shows, asked over HTTP by a plain client.
