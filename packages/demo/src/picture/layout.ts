/** Where everything is, in pixels; all even. */
export const PICTURE_WIDTH = 640;
export const PICTURE_HEIGHT = 360;

/** The block of cells for machines: as wide as the picture, near its lower edge. */
export const CODE_TOP = 300;
export const CODE_CELL_WIDTH = 20;
export const CODE_CELL_HEIGHT = 16;
