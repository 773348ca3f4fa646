export const PHONE_CSS = '';
