/** Space between the edges of the chart and the area of its bars, in pixels: it has the labels of the axes. */
export const PLOT_INSETS = { top: 8, right: 56, bottom: 24, left: 44 } as const;
