import { DIMENSION_NAMES, DIMENSIONS, type DimensionName } from '../../stats/dimensions.ts';
import { builder } from '../builder.ts';

export const DimensionEnum = builder.enumType('RequestLogDimension', {
  description: 'Properties by which logs can be grouped.',
  values: Object.fromEntries(
    DIMENSION_NAMES.map((value) => [value, { value, description: DIMENSIONS[value].description }]),
  ) as Record<DimensionName, { value: DimensionName; description: string }>,
});
