import './facets.css';
import { Facet } from './facet.tsx';
import { FACET_FIELDS } from './facet-fields.ts';
import { useOpenFacets } from './open-facets.ts';

/** Values of fields with their counts. */
export function Facets() {
  const [open, setOpen] = useOpenFacets();
  return (
    <div className="facets">
      {FACET_FIELDS.map((facet) => (
        <Facet
          key={facet.field}
          facet={facet}
          isOpen={open[facet.field]}
          onToggle={(isOpen) => setOpen(facet.field, isOpen)}
        />
      ))}
    </div>
  );
}
