import './histogram.css';
import { Suspense } from 'react';
import { HistogramPanel } from './histogram-panel.tsx';
import { HistogramSkeleton } from './histogram-skeleton.tsx';

/** Requests over time by status class. */
export function Histogram() {
  return (
    <Suspense fallback={<HistogramSkeleton />}>
      <HistogramPanel />
    </Suspense>
  );
}
