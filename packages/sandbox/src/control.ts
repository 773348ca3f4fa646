import type { Faults } from './faults.ts';
import { parseFault } from './faults.ts';
import { json, readJson, stringField } from './http.ts';
import { SwitchError } from './switches.ts';
import type { Call, Route, World } from './world.ts';
import type { Phone } from './wechat/phone.ts';
import type { AnyMessage } from './wechat/message.ts';
import type { Tamper, Tampering } from './wechat/tamper.ts';
import type { UrlCheck } from './wechat/verify-url.ts';

/** Everything under `/sandbox`: for tests, scripts and the phone page. Nothing here plays a cloud. */
export interface ControlDependencies {
  world: World;
  faults: Faults;
  tamper: Tampering;
  phone: Phone;
  askUrl(): Promise<UrlCheck>;
  reset(): void;
}

const badRequest = (mistakes: readonly string[]) => json({ error: mistakes.join('; '), mistakes }, 400);
const done = () => new Response(null, { status: 204 });

export function controlRoutes({ world, faults, tamper, phone, askUrl, reset }: ControlDependencies): Route[] {
  /** A body that must hold these strings; an answer that names what is missing otherwise. */
  const withStrings =
    <Name extends string>(
      names: readonly Name[],
      handle: (fields: Record<Name, string>, body: Record<string, unknown>) => Promise<unknown>,
    ) =>
    async ({ request }: Call) => {
      const body = await readJson(request);
      const missing = names.filter((name) => !stringField(body, name));
      if (missing.length > 0) return badRequest(missing.map((name) => `"${name}" must be a non-empty string`));
      return json(await handle(body as Record<Name, string>, body));
    };

  const putSwitches = async ({ request }: Call) => {
    try {
      const body: unknown = JSON.parse((await request.text()) || 'null');
      world.switches.set(body as Parameters<typeof world.switches.set>[0]);
      return json(world.switches.all());
    } catch (error) {
      if (error instanceof SwitchError) return badRequest(error.mistakes);
      if (error instanceof SyntaxError) return badRequest(['the body must be JSON such as {"O3":"http-404"}']);
      throw error;
    }
  };

  /** A TypeError names what is wrong with the request. */
  const explained = async (handle: () => Promise<unknown>) => {
    try {
      return json(await handle());
    } catch (error) {
      if (error instanceof TypeError) return badRequest(error.message.split('; '));
      throw error;
    }
  };

  const addFault = ({ request }: Call) =>
    explained(async () => {
      faults.add(parseFault(await readJson(request)));
      return faults.all();
    });

  const addTamper = ({ request }: Call) =>
    explained(async () => {
      tamper.add((await readJson(request)) as unknown as Tamper);
      return tamper.all();
    });

  const sendPush = ({ request }: Call) =>
    explained(async () => {
      const body = await readJson(request);
      const user = stringField(body, 'user');
      if (!user) throw new TypeError('"user" must be a non-empty string');
      return phone.send(body['message'] as AnyMessage, user);
    });

  const phoneState = ({ url }: Call) => {
    const user = url.searchParams.get('user');
    return user ? json(phone.view(user)) : json({ users: phone.users() });
  };

  return [
    { method: 'GET', path: '/sandbox/switches', handle: () => json(world.switches.all()) },
    { method: 'PUT', path: '/sandbox/switches', handle: putSwitches },
    { method: 'GET', path: '/sandbox/faults', handle: () => json(faults.all()) },
    { method: 'POST', path: '/sandbox/faults', handle: addFault },
    {
      method: 'DELETE',
      path: '/sandbox/faults',
      handle: () => {
        faults.clear();
        return done();
      },
    },
    { method: 'GET', path: '/sandbox/tamper', handle: () => json(tamper.all()) },
    { method: 'POST', path: '/sandbox/tamper', handle: addTamper },
    {
      method: 'DELETE',
      path: '/sandbox/tamper',
      handle: () => {
        tamper.clear();
        return done();
      },
    },
    { method: 'POST', path: '/sandbox/pushes', handle: sendPush },
    { method: 'POST', path: '/sandbox/wechat/verify-url', handle: async () => json(await askUrl()) },
    {
      method: 'GET',
      path: '/sandbox/log',
      handle: () => json({ calls: world.log.calls, pushes: world.log.pushes, pipeline: world.log.pipeline }),
    },
    {
      method: 'DELETE',
      path: '/sandbox/log',
      handle: () => {
        world.log.clear();
        return done();
      },
    },
    {
      method: 'POST',
      path: '/sandbox/reset',
      handle: () => {
        reset();
        return done();
      },
    },
    { method: 'GET', path: '/sandbox/phone', handle: phoneState },
    {
      method: 'POST',
      path: '/sandbox/phone/reset',
      handle: () => {
        world.people.reset();
        return done();
      },
    },
    {
      method: 'POST',
      path: '/sandbox/phone/scan',
      handle: withStrings(['text', 'user'], ({ text, user }) => phone.scan(text, user)),
    },
    { method: 'POST', path: '/sandbox/phone/follow', handle: withStrings(['user'], ({ user }) => phone.follow(user)) },
    {
      method: 'POST',
      path: '/sandbox/phone/unfollow',
      handle: withStrings(['user'], ({ user }) => phone.unfollow(user)),
    },
    { method: 'POST', path: '/sandbox/phone/cancel', handle: withStrings(['user'], ({ user }) => phone.cancel(user)) },
    {
      method: 'POST',
      path: '/sandbox/phone/say',
      handle: withStrings(['text', 'user'], ({ text, user }, body) =>
        phone.say(text, user, stringField(body, 'menuId')),
      ),
    },
    { method: 'ANY', path: /^\/sandbox(\/|$)/, handle: () => json({ error: 'no such control endpoint' }, 404) },
  ];
}
