import './facets.css';

/** The facets while they load. */
export function FacetsSkeleton() {
  return (
    <div className="facets" aria-busy="true">
      {[5, 8, 4, 5].map((rows, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they never change
        <div key={index} className="facet facet-skeleton">
          <div className="skeleton" />
          <div className="skeleton" style={{ height: rows * 27 }} />
        </div>
      ))}
    </div>
  );
}
