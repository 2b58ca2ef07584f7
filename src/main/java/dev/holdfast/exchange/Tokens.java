package dev.holdfast.exchange;

import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which token stands for which instrument at present: the broker gives tokens of expired contracts to new ones. */
final class Tokens {

    private final Floor floor;
    private final Faults faults;
    private final Map<Integer, Quote> quotesByToken;

    Tokens(Floor floor, Faults faults) {
        this.floor = floor;
        this.faults = faults;
        this.quotesByToken = floor.quotes().values().stream()
                .collect(Collectors.toUnmodifiableMap(quote -> quote.instrument.token(), quote -> quote));
    }

    /** The instrument that this token stands for; null if it stands for none. */
    @Nullable
    Quote quote(int token) {
        Quote quote = quotesByToken.get(token);
        return quote == null ? null : swapped(quote);
    }

    int token(Quote quote) {
        return swapped(quote).instrument.token();
    }

    /** Swapping is its own inverse. */
    private Quote swapped(Quote quote) {
        Quote present = quote;
        for (Fault fault : faults.all(FaultKind.TOKEN_REUSED)) {
            Quote one = floor.quotes().get(String.valueOf(fault.target().symbol()));
            Quote other = floor.quotes().get(String.valueOf(fault.content().otherSymbol()));
            if (one != null && other != null) {
                present = present == one ? other : present == other ? one : present;
            }
        }
        return present;
    }
}
