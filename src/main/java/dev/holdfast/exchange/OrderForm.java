package dev.holdfast.exchange;

import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of {@code POST /orders/regular}, checked as the broker's front door does: what fails here never
 * becomes an order.
 *
 * @param protection per cent that a MARKET order may move from the last price
 */
record OrderForm(
        Instrument instrument,
        Side side,
        Product product,
        OrderType orderType,
        LedgerEntry.Validity validity,
        long quantity,
        long pricePaise,
        BigDecimal protection,
        @Nullable String tag) {

    static final long MAX_QUANTITY = 10_000_000;
    private static final long MAX_PRICE_PAISE = 1_000_000_000;
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9]{1,20}");

    /** What {@code market_protection=-1}, the broker's own choice, means here. */
    private static final BigDecimal AUTOMATIC_PROTECTION = BigDecimal.valueOf(3);

    private static final List<String> VARIETIES = List.of("amo", "co", "iceberg");
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /** @throws KiteError InputException naming the parameter */
    static OrderForm parse(Map<String, String> parameters, Function<String, @Nullable Instrument> instruments) {
        String exchange = required(parameters, "exchange");
        String symbol = required(parameters, "tradingsymbol");
        Instrument instrument = exchange.equals(Instrument.EXCHANGE) ? instruments.apply(symbol) : null;
        if (instrument == null || instrument.isIndex()) {
            throw KiteError.input("The instrument you are placing an order for has either expired or does not exist: "
                    + exchange + ":" + symbol);
        }
        OrderType type = orderType(required(parameters, "order_type"));
        Product product = choice(parameters, "product", Product.class);
        if (product == Product.MTF) {
            throw KiteError.input("Invalid `product`: MTF is not offered");
        }
        String tag = parameters.get("tag");
        if (tag != null && !TAG.matcher(tag).matches()) {
            throw KiteError.input("Invalid `tag`: at most 20 letters and digits");
        }
        return new OrderForm(
                instrument,
                choice(parameters, "transaction_type", Side.class),
                product,
                type,
                validity(parameters.getOrDefault("validity", "DAY")),
                quantity(required(parameters, "quantity")),
                price(parameters.getOrDefault("price", "0"), type, instrument),
                protection(parameters.getOrDefault("market_protection", "0"), type),
                tag);
    }

    static OrderType orderType(String text) {
        return switch (text) {
            case "MARKET" -> OrderType.MARKET;
            case "LIMIT" -> OrderType.LIMIT;
            default ->
                throw KiteError.input("Invalid `order_type`: " + text + "; this exchange takes MARKET and LIMIT");
        };
    }

    static LedgerEntry.Validity validity(String text) {
        return switch (text) {
            case "DAY" -> LedgerEntry.Validity.DAY;
            case "IOC" -> LedgerEntry.Validity.IOC;
            default -> throw KiteError.input("Invalid `validity`: " + text + "; this exchange takes DAY and IOC");
        };
    }

    /** Null for a regular order. The API takes no other one; a person does. */
    static @Nullable String variety(@Nullable String text) {
        if (text == null || text.equals("regular")) {
            return null;
        }
        if (!VARIETIES.contains(text)) {
            throw KiteError.input("Invalid `variety`: " + text + "; this exchange takes regular and " + VARIETIES);
        }
        return text;
    }

    static long quantity(String text) {
        try {
            long quantity = Long.parseLong(text);
            if (quantity >= 1 && quantity <= MAX_QUANTITY) {
                return quantity;
            }
        } catch (NumberFormatException malformed) {
            // Said below, as for a number out of range.
        }
        throw KiteError.input("Invalid `quantity`: " + text + "; expected a whole number from 1 to " + MAX_QUANTITY);
    }

    static long price(String text, OrderType type, Instrument instrument) {
        if (type == OrderType.MARKET) {
            return 0;
        }
        long paise;
        try {
            paise = Rupees.parse(text);
        } catch (ArithmeticException | NumberFormatException malformed) {
            throw KiteError.input("Invalid `price`: " + text);
        }
        if (paise <= 0 || paise > MAX_PRICE_PAISE) {
            throw KiteError.input("Invalid `price`: " + text);
        }
        if (paise % instrument.tickPaise() != 0) {
            throw KiteError.input("Tick size for this script is " + Rupees.of(instrument.tickPaise())
                    + ". Kindly enter price in the multiple of tick size for this script");
        }
        return paise;
    }

    static BigDecimal protection(String text, OrderType type) {
        BigDecimal percent;
        try {
            percent = Rupees.decimal(text);
        } catch (NumberFormatException malformed) {
            throw KiteError.input("Invalid `market_protection`: " + text);
        }
        if (type != OrderType.MARKET) {
            return BigDecimal.ZERO;
        }
        if (percent.signum() == 0) {
            throw KiteError.input("MARKET orders without market protection are not allowed:"
                    + " send `market_protection` -1 (automatic) or a per cent");
        }
        if (percent.compareTo(BigDecimal.ONE.negate()) == 0) {
            return AUTOMATIC_PROTECTION;
        }
        if (percent.signum() < 0 || percent.compareTo(HUNDRED) > 0) {
            throw KiteError.input("Invalid `market_protection`: " + text + "; expected -1 or above 0 to 100");
        }
        return percent;
    }

    /** The worst price an order may trade at, on a whole tick; at least one tick. */
    static long limit(OrderType type, long pricePaise, Side side, BigDecimal protection, Quote quote) {
        if (type == OrderType.LIMIT) {
            return pricePaise;
        }
        BigDecimal away = side == Side.BUY ? protection : protection.negate();
        long raw = BigDecimal.valueOf(quote.lastPaise)
                .multiply(HUNDRED.add(away))
                .divide(HUNDRED, 0, RoundingMode.DOWN)
                .longValueExact();
        long tick = quote.instrument.tickPaise();
        return Math.max(tick, raw - raw % tick);
    }

    static String required(Map<String, String> parameters, String name) {
        String value = parameters.get(name);
        if (value == null || value.isBlank()) {
            throw KiteError.input("Missing or empty field `" + name + "`");
        }
        return value;
    }

    static <E extends Enum<E>> E choice(Map<String, String> parameters, String name, Class<E> type) {
        String value = required(parameters, name);
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equals(value))
                .findFirst()
                .orElseThrow(() -> KiteError.input("Invalid `" + name + "`: " + value));
    }
}
