// Run by mongosh, and ends: starts a replica set or completes a cluster, and makes the users that are missing.
//
// STEP: `set` starts a set and makes its users, `member` the same of a set in a cluster, whose users are made by `cluster`,
//   which also joins the shards. SET, MEMBER: name of the set, and address of its member, in whose network this runs.
// CONFIG_SERVER: not empty for the set of config servers. ROUTER: address of mongos. SHARDS: set/address of each shard.
//
// Passwords are read from files, so that they are in no environment and no command line.
const { readFileSync } = require('node:fs');

const { STEP, SET, MEMBER, CONFIG_SERVER, ROUTER, SHARDS, SECRETS = '/run/secrets' } = process.env;
const DATABASE = 'relaylog';
const OPERATOR = 'relaylogOperator';
const WAIT_SECONDS = 60;
const UNAUTHORIZED = 13;
const AUTHENTICATION_FAILED = 18;
const USER_EXISTS = 51003;

/** What `doctor --build` needs and a gateway does not: validators, shard keys, the progress of an index. */
const OPERATOR_ROLE = {
  roles: [
    { role: 'readWrite', db: DATABASE },
    { role: 'dbAdmin', db: DATABASE },
  ],
  privileges: [
    { resource: { db: DATABASE, collection: '' }, actions: ['enableSharding'] },
    { resource: { db: 'config', collection: 'collections' }, actions: ['find'] },
    { resource: { cluster: true }, actions: ['inprog'] },
  ],
};

const admin = STEP === 'cluster' ? completeCluster() : startSet();
if (STEP !== 'member') ensureUsers();
print('Done.');

function startSet() {
  const [, port] = MEMBER.split(':');
  const db = connect(`mongodb://127.0.0.1:${port}/admin?directConnection=true`);
  if (!db.hello().setName) {
    const members = [{ _id: 0, host: MEMBER }];
    db.adminCommand({
      replSetInitiate: CONFIG_SERVER ? { _id: SET, configsvr: true, members } : { _id: SET, members },
    });
  }
  for (let second = 0; !db.hello().isWritablePrimary; second++) {
    if (second === WAIT_SECONDS) throw new Error(`${MEMBER} is not primary after ${WAIT_SECONDS} seconds`);
    sleep(1000);
  }
  if (!signIn(db)) {
    createAdmin(db);
    signIn(db);
  }
  return db;
}

function completeCluster() {
  const db = connect(`mongodb://${ROUTER}/admin`);
  if (!signIn(db)) throw wrongPassword();
  const { shards } = db.adminCommand({ listShards: 1 });
  for (const shard of SHARDS.split(' ')) {
    const [name] = shard.split('/');
    if (!shards.some(({ _id }) => _id === name)) db.adminCommand({ addShard: shard, name });
  }
  return db;
}

function signIn(db) {
  try {
    db.auth('admin', secret('admin_password'));
    return true;
  } catch (error) {
    if (error.code === AUTHENTICATION_FAILED) return false;
    throw error;
  }
}

/** MongoDB allows this to a client in its own network as long as it has no user. */
function createAdmin(db) {
  try {
    db.createUser({ user: 'admin', pwd: secret('admin_password'), roles: ['root'] });
  } catch (error) {
    throw [UNAUTHORIZED, USER_EXISTS].includes(error.code) ? wrongPassword() : error;
  }
}

function wrongPassword() {
  return new Error('admin_password is not the password of the user admin, which exists already');
}

/** The users of gateways and of `doctor`, with the roles and passwords that they should have. */
function ensureUsers() {
  if (admin.getRole(OPERATOR) === null) admin.createRole({ role: OPERATOR, ...OPERATOR_ROLE });
  else admin.updateRole(OPERATOR, OPERATOR_ROLE);
  ensureUser('relaylog', 'gateway_password', [{ role: 'readWrite', db: DATABASE }]);
  ensureUser('relaylog-operator', 'operator_password', [{ role: OPERATOR, db: 'admin' }]);
}

function ensureUser(user, password, roles) {
  const terms = { pwd: secret(password), roles };
  if (admin.getUser(user) === null) admin.createUser({ user, ...terms });
  else admin.updateUser(user, terms);
}

function secret(name) {
  return readFileSync(`${SECRETS}/${name}`, 'utf8').trim();
}
