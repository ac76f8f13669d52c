import { writeFileSync } from 'node:fs';
import { README, readReadme, withSections } from './sections.ts';

writeFileSync(README, withSections(readReadme()));
