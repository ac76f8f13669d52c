import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { read } from './files.ts';

type Command = Readonly<Record<string, unknown>>;
interface Role {
  readonly role: string;
  readonly db: string;
}
interface User {
  pwd: string;
  roles: (string | Role)[];
}
const failure = (code: number) => Object.assign(new Error(`failed with ${code}`), { code });

/** A MongoDB as the script sees it: what it holds, and what was asked of it. */
class FakeMongo {
  readonly users = new Map<string, User>();
  readonly roles = new Map<string, object>();
  readonly commands: Command[] = [];
  readonly connections: string[] = [];
  setName: string | undefined;
  shards: { _id: string }[] = [];
  /** Polls until it is primary. */
  elections = 2;
  signedIn = false;

  run(environment: Record<string, string>, passwords: Record<string, string>): void {
    this.signedIn = false;
    runInContext(
      read('deploy/compose/init-mongo.cjs'),
      createContext({
        process: { env: environment },
        require: () => ({
          readFileSync: (file: string) => `${passwords[file.replace('/run/secrets/', '')]}\n`,
        }),
        print: () => undefined,
        sleep: () => undefined,
        connect: (url: string) => {
          this.connections.push(url);
          return this.admin();
        },
      }),
    );
  }

  private admin() {
    const mayChange = () => {
      if (!this.signedIn && this.users.size > 0) throw failure(13);
    };
    const change = (name: string, terms: User) => {
      mayChange();
      this.users.set(name, { pwd: terms.pwd, roles: terms.roles });
    };
    return {
      hello: () => ({
        setName: this.setName,
        isWritablePrimary: this.setName !== undefined && this.elections-- <= 0,
      }),
      adminCommand: (command: Command) => {
        this.commands.push(command);
        if ('replSetInitiate' in command) this.setName = (command.replSetInitiate as { _id: string })._id;
        return { shards: this.shards };
      },
      auth: (name: string, password: string) => {
        if (this.users.get(name)?.pwd !== password) throw failure(18);
        this.signedIn = true;
      },
      getUser: (name: string) => this.users.get(name) ?? null,
      createUser: ({ user, ...terms }: User & { user: string }) => change(user, terms),
      updateUser: (name: string, terms: User) => change(name, terms),
      getRole: (name: string) => this.roles.get(name) ?? null,
      createRole: ({ role, ...terms }: { role: string }) => void this.roles.set(role, terms),
      updateRole: (role: string, terms: object) => void this.roles.set(role, terms),
    };
  }
}

const PASSWORDS = { admin_password: 'a', gateway_password: 'g', operator_password: 'o' };
const SET = { STEP: 'set', SET: 'rs0', MEMBER: 'mongo:27017' };

describe('the script that starts MongoDB', () => {
  it('starts a set, and makes an administrator, a gateway that reads and writes one database, and an operator', () => {
    const mongo = new FakeMongo();
    mongo.run(SET, PASSWORDS);
    expect(mongo.connections).toEqual(['mongodb://127.0.0.1:27017/admin?directConnection=true']);
    expect(mongo.commands).toEqual([
      { replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] } },
    ]);
    expect(Object.fromEntries(mongo.users)).toEqual({
      admin: { pwd: 'a', roles: ['root'] },
      relaylog: { pwd: 'g', roles: [{ role: 'readWrite', db: 'relaylog' }] },
      'relaylog-operator': { pwd: 'o', roles: [{ role: 'relaylogOperator', db: 'admin' }] },
    });
  });

  it('run again, it starts and makes nothing, and sets the passwords that the secrets hold now', () => {
    const mongo = new FakeMongo();
    mongo.run(SET, PASSWORDS);
    mongo.commands.length = 0;
    mongo.users.get('relaylog')!.roles.push('root');
    mongo.run(SET, { ...PASSWORDS, gateway_password: 'new' });
    expect(mongo.commands).toEqual([]);
    expect(mongo.users.get('relaylog')).toEqual({
      pwd: 'new',
      roles: [{ role: 'readWrite', db: 'relaylog' }],
    });
    expect(mongo.users.size).toBe(3);
  });

  it('with another administrator password, it fails at once and says so', () => {
    const mongo = new FakeMongo();
    mongo.run(SET, PASSWORDS);
    expect(() => mongo.run(SET, { ...PASSWORDS, admin_password: 'other' })).toThrow(
      'admin_password is not the password of the user admin',
    );
  });

  it('fails where the member does not become primary within a minute', () => {
    const mongo = new FakeMongo();
    mongo.elections = Number.POSITIVE_INFINITY;
    expect(() => mongo.run(SET, PASSWORDS)).toThrow('mongo:27017 is not primary after 60 seconds');
  });

  it('of a set of a cluster, it makes the administrator only', () => {
    const mongo = new FakeMongo();
    const config = { STEP: 'member', SET: 'config', MEMBER: 'config:27017', CONFIG_SERVER: 'yes' };
    mongo.run(config, { admin_password: 'a' });
    expect(mongo.commands).toMatchObject([{ replSetInitiate: { _id: 'config', configsvr: true } }]);
    expect([...mongo.users.keys()]).toEqual(['admin']);
  });

  it('joins the shards that a cluster lacks, as its administrator, and makes the users', () => {
    const mongo = new FakeMongo();
    mongo.users.set('admin', { pwd: 'a', roles: ['root'] });
    mongo.shards = [{ _id: 'shard-a' }];
    const SHARDS = 'shard-a/shard-a:27017 shard-b/shard-b:27017';
    mongo.run({ STEP: 'cluster', ROUTER: 'mongos:27017', SHARDS }, PASSWORDS);
    expect(mongo.connections).toEqual(['mongodb://mongos:27017/admin']);
    expect(mongo.commands).toEqual([
      { listShards: 1 },
      { addShard: 'shard-b/shard-b:27017', name: 'shard-b' },
    ]);
    expect([...mongo.users.keys()]).toEqual(['admin', 'relaylog', 'relaylog-operator']);
  });
});
