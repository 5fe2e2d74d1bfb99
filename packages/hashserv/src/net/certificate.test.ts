import { expect, it } from "vitest";
import { CertificateError } from "../errors.ts";
import { checkCertificate } from "./certificate.ts";

it("what is no certificate is told as that", () => {
  expect(() => checkCertificate({ cert: "x", key: "y" })).toThrow(CertificateError);
});

it("a mistake of the program is not told as a bad certificate", () => {
  expect(() => checkCertificate({ cert: 5 as unknown as string, key: "y" })).toThrow(TypeError);
});
