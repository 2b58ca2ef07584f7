package dev.holdfast.exchange;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Opens the market that a {@code --market} option names. */
final class Markets {

    private static final String RANDOM = "random:";

    private Markets() {}

    /** @throws IllegalArgumentException saying what is wrong with the specification */
    static Market open(String specification, double speed) {
        if (specification.startsWith(RANDOM)) {
            return new RandomMarket(seed(specification));
        }
        Path path = Path.of(specification);
        if (!Files.exists(path)) {
            throw new IllegalArgumentException("market '" + specification
                    + "' does not exist; expected random:SEED, a folder of recorded days or one of its zip files");
        }
        List<String> skipped = new ArrayList<>();
        return new ReplayMarket(RecordedFile.find(path, skipped), speed, skipped.size());
    }

    private static long seed(String specification) {
        try {
            return Long.parseLong(specification.substring(RANDOM.length()));
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("market '" + specification
                    + "' has no usable seed; expected a whole number, for example random:42");
        }
    }
}
