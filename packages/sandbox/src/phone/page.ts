export const PHONE_HTML = '<!doctype html><title>phone</title>';
