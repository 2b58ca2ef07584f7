package dev.holdfast.broker.kite;

import dev.holdfast.broker.BrokerInstrument;
import dev.holdfast.types.InstrumentKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The instruments list: CSV with a header. Real lists carry neither bands nor the freeze quantity; where columns or the quote
 * tell them they are taken.
 */
final class KiteInstruments {

    private static final int INDEX_SEGMENT = 9;

    private KiteInstruments() {}

    /** The rows wanted, as EXCHANGE:SYMBOL; others are not even judged. */
    static Listed parse(String csv, Set<String> wanted, JsonNode quotes) {
        List<BrokerInstrument> rows = new ArrayList<>();
        Map<String, Integer> columns = new HashMap<>();
        List<String> odd = new ArrayList<>();
        for (String line : csv.lines().toList()) {
            List<String> cells = cells(line);
            if (columns.isEmpty()) {
                for (int column = 0; column < cells.size(); column++) {
                    columns.put(cells.get(column), column);
                }
                continue;
            }
            Row row = new Row(columns, cells);
            String key = row.text("exchange") + ":" + row.text("tradingsymbol");
            if (!wanted.contains(key)) {
                continue;
            }
            try {
                rows.add(instrument(row, quotes.path(key)));
            } catch (ArithmeticException | NumberFormatException broken) {
                odd.add(key);
            }
        }
        return new Listed(rows, odd);
    }

    /** @param odd keys of wanted rows that are not understood */
    record Listed(List<BrokerInstrument> rows, List<String> odd) {}

    private static BrokerInstrument instrument(Row row, JsonNode quote) {
        long token = Long.parseLong(row.text("instrument_token"));
        boolean index = (token & 0xFF) == INDEX_SEGMENT || row.text("segment").equals("INDICES");
        return new BrokerInstrument(
                row.text("exchange"),
                row.text("tradingsymbol"),
                token,
                index ? InstrumentKind.INDEX : InstrumentKind.EQUITY,
                row.paise("tick_size"),
                Math.max(1, row.whole("lot_size")),
                row.whole("freeze_quantity"),
                band(row.paise("lower_circuit_limit"), quote, "lower_circuit_limit"),
                band(row.paise("upper_circuit_limit"), quote, "upper_circuit_limit"));
    }

    private static long band(long listedPaise, JsonNode quote, String field) {
        String quoted = Json.text(quote, field);
        return listedPaise > 0 || quoted.isEmpty() ? listedPaise : Paise.exact(quoted);
    }

    /** Splits one line; a cell in quotation marks may hold commas. */
    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int at = 0; at < line.length(); at++) {
            char character = line.charAt(at);
            if (character == '"') {
                quoted = !quoted;
            } else if (character == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(character);
            }
        }
        cells.add(cell.toString());
        return cells;
    }

    private record Row(Map<String, Integer> columns, List<String> cells) {

        String text(String column) {
            Integer index = columns.get(column);
            return index == null || index >= cells.size()
                    ? ""
                    : cells.get(index).strip();
        }

        long whole(String column) {
            String text = text(column);
            return text.isEmpty() ? 0 : new java.math.BigDecimal(text).longValueExact();
        }

        long paise(String column) {
            String text = text(column);
            return text.isEmpty() ? 0 : Paise.exact(text);
        }
    }
}
