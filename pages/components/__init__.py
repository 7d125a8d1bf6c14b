"""What pages share: the frame around a page, figures, charts, maps, levers."""
