package dev.holdfast.broker.kite;

import dev.holdfast.broker.OddRow;
import dev.holdfast.protocol.BookList;
import tools.jackson.databind.JsonNode;

/** Rows that are not understood, with what can be read of them. */
final class KiteOddRows {

    private static final int LONGEST_RAW = 2_000;

    private KiteOddRows() {}

    static OddRow order(JsonNode row, String wrong) {
        String id = Json.text(row, "order_id");
        return odd(BookList.ORDERS, id, row, wrong, !KiteTags.areReadable(row));
    }

    static OddRow trade(JsonNode row, String wrong) {
        String id = Json.text(row, "trade_id");
        return odd(BookList.TRADES, id.isEmpty() ? "" : Json.text(row, "exchange") + "/" + id, row, wrong, false);
    }

    static OddRow position(JsonNode row, String wrong) {
        String product = Json.text(row, "product");
        return odd(BookList.POSITIONS, instrument(row) + (product.isEmpty() ? "" : " " + product), row, wrong, false);
    }

    static OddRow holding(JsonNode row, String wrong) {
        return odd(BookList.HOLDINGS, instrument(row), row, wrong, false);
    }

    private static String instrument(JsonNode row) {
        String symbol = Json.text(row, "tradingsymbol");
        return symbol.isEmpty() ? "" : Json.text(row, "exchange") + ":" + symbol;
    }

    /** A row without an identity is known by its text alone. */
    private static OddRow odd(BookList list, String identity, JsonNode row, String wrong, boolean perhapsOurs) {
        String raw = row.toString();
        String bounded = raw.length() <= LONGEST_RAW ? raw : raw.substring(0, LONGEST_RAW);
        String known = identity.isEmpty() ? "sha256 " + Checksum.sha256Hex(raw).substring(0, 16) : identity;
        return new OddRow(
                list,
                OddRow.key(list, known),
                Json.text(row, "exchange"),
                Json.text(row, "tradingsymbol"),
                Json.text(row, "order_id"),
                KiteTags.of(row),
                perhapsOurs,
                wrong,
                bounded);
    }
}
