import { createSchema, createYoga } from 'graphql-yoga';
import { listen, resolvers, typeDefs } from './schema.mjs';

listen(createYoga({ schema: createSchema({ typeDefs, resolvers }), logging: false, graphiql: false }));
