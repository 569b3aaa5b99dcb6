export const toConfig = () => ({});
