import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

extendZodWithOpenApi(z);

/** Zod, extended with the method `openapi` for OpenAPI metadata. */
export { z };
