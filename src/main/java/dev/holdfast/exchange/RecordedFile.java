package dev.holdfast.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A zip with one CSV of one symbol's day, named {@code symbol-YYYYMMDD-minute.zip}, {@code -trades.zip} or
 * {@code -quotes.zip}. A symbol that begins with {@code nifty} is an index: {@code nifty50} is NIFTY 50.
 */
record RecordedFile(Path path, String symbol, boolean index, LocalDate day, Form form) {

    private static final int MAX_FILES = 5_000;
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9&]+)-(\\d{8})-(minute|trades|quotes)\\.zip");
    private static final Pattern INDEX_NAME = Pattern.compile("NIFTY(\\w+)");

    enum Form {
        MINUTE,
        TRADES,
        QUOTES
    }

    /**
     * The recorded files of a folder, or the one file.
     *
     * @param skipped receives the names that are none of the three forms
     * @throws IllegalArgumentException if there is not one to replay
     */
    static List<RecordedFile> find(Path path, List<String> skipped) {
        List<Path> candidates;
        try (Stream<Path> entries = Files.isDirectory(path) ? Files.list(path) : Stream.of(path)) {
            candidates = entries.filter(Files::isRegularFile)
                    .sorted()
                    .limit(MAX_FILES + 1L)
                    .toList();
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("market folder " + path + " cannot be read: " + unreadable, unreadable);
        }
        if (candidates.size() > MAX_FILES) {
            throw new IllegalArgumentException("market folder " + path + " holds more than " + MAX_FILES + " files");
        }
        List<RecordedFile> files = candidates.stream()
                .flatMap(candidate -> {
                    Optional<RecordedFile> file = parse(candidate);
                    if (file.isEmpty()) {
                        skipped.add(String.valueOf(candidate.getFileName()));
                    }
                    return file.stream();
                })
                .toList();
        if (files.isEmpty()) {
            throw new IllegalArgumentException("market '" + path + "' holds no recorded day; expected files named"
                    + " SYMBOL-YYYYMMDD-minute.zip, -trades.zip or -quotes.zip, found " + skipped);
        }
        return files;
    }

    private static Optional<RecordedFile> parse(Path path) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            LocalDate day = LocalDate.parse(name.group(2), DateTimeFormatter.BASIC_ISO_DATE);
            String symbol = name.group(1).toUpperCase(Locale.ROOT);
            Matcher index = INDEX_NAME.matcher(symbol);
            boolean isIndex = index.matches();
            Form form = Form.valueOf(name.group(3).toUpperCase(Locale.ROOT));
            return Optional.of(
                    new RecordedFile(path, isIndex ? "NIFTY " + index.group(1) : symbol, isIndex, day, form));
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
    }
}
