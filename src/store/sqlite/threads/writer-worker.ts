import { workerData } from 'node:worker_threads';
import { serve } from '../../threads/serve.ts';
import { Database } from '../database.ts';
import { SqliteOperations } from '../operations.ts';

serve(() => new SqliteOperations(new Database(workerData)));
