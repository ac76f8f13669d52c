import { workerData } from 'node:worker_threads';
import { serve } from '../../threads/serve.ts';
import { Database } from '../database.ts';

// Not `SqliteOperations`, whose modules take 3 MiB that the end of the thread does not give back.
serve(() => new Database(workerData));
