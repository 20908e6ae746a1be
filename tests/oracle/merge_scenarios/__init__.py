"""The scenarios of the golden merge cases, one module an area. Each name is a sentence of fact."""
