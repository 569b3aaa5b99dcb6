export const openPool = () => undefined;
