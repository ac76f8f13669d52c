import { useDeferredValue, useState } from 'react';
import { QuestionContext, useQuestion } from '../state/question.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FunnelIcon } from '../ui/icons.tsx';
import { PanelBoundary } from '../ui/panel-boundary.tsx';
import { Facets } from './facets.tsx';
import { FacetsSkeleton } from './facets-skeleton.tsx';

/** A button that opens the facets, for screens without space for them. */
export function FacetsDialog() {
  const [isOpen, setOpen] = useState(false);
  const question = useDeferredValue(useQuestion());
  return (
    <>
      <button
        type="button"
        className="button facets-button"
        aria-label="Facets"
        title="Facets"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <FunnelIcon /> <span>Facets</span>
      </button>
      {isOpen && (
        <Dialog title="Facets" onClose={() => setOpen(false)}>
          <QuestionContext value={question}>
            <PanelBoundary name="The list of values" resetKey={question} fallback={<FacetsSkeleton />}>
              <Facets />
            </PanelBoundary>
          </QuestionContext>
        </Dialog>
      )}
    </>
  );
}
