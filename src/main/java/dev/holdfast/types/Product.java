package dev.holdfast.types;

/** Kite's product codes: delivery, intraday, normal, margin funded. */
public enum Product {
    CNC,
    MIS,
    NRML,
    MTF
}
