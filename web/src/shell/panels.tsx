import { useDeferredValue, useMemo } from 'react';
import { LogDetail } from '../detail/log-detail.tsx';
import { Facets } from '../facets/facets.tsx';
import { FacetsDialog } from '../facets/facets-dialog.tsx';
import { FacetsSkeleton } from '../facets/facets-skeleton.tsx';
import { FilterBar } from '../filter-bar/filter-bar.tsx';
import { Histogram } from '../histogram/histogram.tsx';
import { Notices } from '../limits/notices.tsx';
import { QuestionContext, useQuestion } from '../state/question.tsx';
import { useUrlState } from '../state/url-state.ts';
import { LogTable } from '../table/log-table.tsx';
import { TimePicker } from '../time-picker/time-picker.tsx';
import { RefreshIcon } from '../ui/icons.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { PanelBoundary } from '../ui/panel-boundary.tsx';

const VIEW_COMPONENTS = {
  logs: LogTable,
  errors: lazyPart(async () => ({ default: (await import('../errors-view/errors-view.tsx')).ErrorsView })),
  slow: lazyPart(async () => ({ default: (await import('../slow-view/slow-view.tsx')).SlowView })),
} as const;

/** The question, and the panels that answer it. */
export function Panels() {
  const [{ view, log }] = useUrlState();
  const question = useQuestion();
  // Panels show the answers to the question before until those to the new one have arrived. The view changes with the question.
  const shown = useDeferredValue(useMemo(() => ({ question, view }), [question, view]));
  const isStale = shown.question !== question;
  const boundary = { resetKey: shown.question, fallback: <div className="skeleton panel-skeleton" /> };
  const View = VIEW_COMPONENTS[shown.view];
  return (
    <>
      <search className="question-bar">
        <FilterBar>
          <FacetsDialog />
          <TimePicker />
          <button type="button" className="button icon" aria-label="Refresh" onClick={question.refresh}>
            <RefreshIcon />
          </button>
        </FilterBar>
      </search>
      <Notices />
      <QuestionContext value={shown.question}>
        <div className="columns" data-stale={isStale}>
          <aside className="sidebar" aria-label="Facets">
            <PanelBoundary name="The list of values" {...boundary} fallback={<FacetsSkeleton />}>
              <Facets />
            </PanelBoundary>
          </aside>
          <main className="content" aria-busy={isStale}>
            <section className="panel histogram-panel" aria-label="Histogram">
              <PanelBoundary name="The histogram" {...boundary}>
                <Histogram />
              </PanelBoundary>
            </section>
            <section className="panel results" aria-label="Results">
              <PanelBoundary key={shown.view} name="The result" {...boundary}>
                <View />
              </PanelBoundary>
            </section>
          </main>
          {log !== null && (
            <aside className="drawer" aria-label="Request">
              <PanelBoundary name="The request" {...boundary} resetKey={log}>
                <LogDetail key={log} requestId={log} />
              </PanelBoundary>
            </aside>
          )}
        </div>
      </QuestionContext>
    </>
  );
}
