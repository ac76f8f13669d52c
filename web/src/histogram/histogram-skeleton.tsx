import { useEffect } from 'react';
import { useConnectionStatus } from '../relay/connection-status.ts';
import { loadPlot } from './load-plot.ts';

/** The panel while its numbers load. If the server said why they are late, it says so. */
export function HistogramSkeleton() {
  const { kind, message } = useConnectionStatus();
  useEffect(() => {
    // The chart says it if this fails.
    loadPlot().catch(() => {});
  }, []);
  return (
    <div className="histogram" aria-busy="true">
      <div className="histogram-head">
        <div className="skeleton histogram-head-skeleton" />
      </div>
      <div className="histogram-chart">
        <div className="skeleton histogram-plot" />
        {kind === 'unavailable' && <p className="histogram-late">{message}</p>}
      </div>
    </div>
  );
}
