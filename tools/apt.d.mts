/** Whether they are installed now; false, too, where we may not. */
export function aptInstall(...packages: string[]): boolean;
