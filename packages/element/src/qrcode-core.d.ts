declare module 'qrcode/lib/core/qrcode.js' {
  const core: {
    create(
      text: string,
      options: { errorCorrectionLevel: 'M'; maskPattern: 2 },
    ): { modules: { size: number; data: ArrayLike<number> } };
  };
  export default core;
}
