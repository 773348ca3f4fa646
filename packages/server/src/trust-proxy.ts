import { BlockList, isIP, isIPv4 } from 'node:net';
import type { Log } from './ports.ts';

/** Tells the peer's address, looking behind proxies that are trusted and no others. */
export type PeerAddress = (socketAddress: string, forwardedFor: string | null) => string;

/** `list` holds addresses or CIDRs. Throws TypeError naming the entry that is neither. */
export function createPeerAddress(list: readonly string[], log: Log): PeerAddress {
  const trusted = new BlockList();
  for (const entry of list) addEntry(trusted, entry);
  const isTrusted = (address: string): boolean => {
    const plain = unmapped(address);
    return isIP(plain) !== 0 && trusted.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
  };
  let warned = false;
  return (socketAddress, forwardedFor) => {
    if (forwardedFor === null) return unmapped(socketAddress);
    if (!isTrusted(socketAddress)) {
      if (!warned)
        log.warn('proxy.untrusted', { cause: 'X-Forwarded-For from a peer that TRUST_PROXY does not list is ignored' });
      warned = true;
      return unmapped(socketAddress);
    }
    // From the right: every hop that a trusted proxy wrote down is true up to the first that is not trusted itself.
    let address = unmapped(socketAddress);
    for (const hop of forwardedFor.split(',').reverse()) {
      const candidate = unmapped(withoutPort(hop.trim()));
      if (isIP(candidate) === 0) break;
      address = candidate;
      if (!isTrusted(candidate)) break;
    }
    return address;
  };
}

export function isAddressOrCidr(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/');
  const kind = isIP(address);
  if (kind === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (kind === 4 ? 32 : 128));
}

function addEntry(list: BlockList, entry: string): void {
  if (!isAddressOrCidr(entry))
    throw new TypeError(`"trustProxy" must hold addresses or CIDRs; this is neither: ${entry}`);
  const [address = '', bits] = entry.split('/');
  const type = isIPv4(address) ? 'ipv4' : 'ipv6';
  if (bits === undefined) list.addAddress(address, type);
  else list.addSubnet(address, Number(bits), type);
}

/** Some gateways write `192.0.2.1:1234` and `[2001:db8::1]:443`. */
function withoutPort(hop: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop)?.[1] ?? hop;
}

/** `::ffff:192.0.2.1` is 192.0.2.1 on a socket that serves both families. */
function unmapped(address: string): string {
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address;
}
