import { companion } from '../../../lib/companion';

const handle = (request: Request): Promise<Response> => companion().fetch(request);

export { handle as DELETE, handle as GET, handle as POST };
