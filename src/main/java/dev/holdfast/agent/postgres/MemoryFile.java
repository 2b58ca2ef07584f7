package dev.holdfast.agent.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The memory in a file of a few lines, closed by their checksum. It is written whole beside its place, flushed, and renamed: a change is
 * there or not. Used by one thread.
 */
final class MemoryFile implements Memory {

    private static final Pattern FORM =
            Pattern.compile("used-term=(\\d{1,18})\nwas-primary=(true|false)\ncloned-number=(\\d{1,18})\n");
    private static final String CHECKSUM = "crc32=";

    private final Path file;
    private Content content;

    private record Content(long usedTerm, boolean wasPrimary, long clonedNumber) {}

    private MemoryFile(Path file, Content content) {
        this.file = file;
        this.content = content;
    }

    /** @throws IOException if there is a file and it is not one that was written here */
    static MemoryFile open(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return new MemoryFile(file, Files.exists(file) ? read(file) : new Content(0, false, 0));
    }

    @Override
    public long usedTerm() {
        return content.usedTerm;
    }

    @Override
    public void begins(long term) {
        if (term <= content.usedTerm) {
            throw new IllegalArgumentException(
                    "term " + term + " cannot begin here: term " + content.usedTerm + " did, and terms only grow");
        }
        replace(new Content(term, content.wasPrimary, content.clonedNumber));
    }

    @Override
    public boolean wasPrimary() {
        return content.wasPrimary;
    }

    @Override
    public void becomesPrimary() {
        replace(new Content(content.usedTerm, true, content.clonedNumber));
    }

    @Override
    public long clonedNumber() {
        return content.clonedNumber;
    }

    @Override
    public void cloned(long number) {
        replace(new Content(content.usedTerm, false, number));
    }

    private void replace(Content changed) {
        if (changed.equals(content)) {
            return;
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".fresh");
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text(changed).getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            // The rename is on the disk only when the folder is.
            try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    changed + " cannot be written to " + file + ", so it must not happen; see the disk", failure);
        }
        content = changed;
    }

    private static Content read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        Matcher form = FORM.matcher(text);
        if (form.lookingAt() && text.equals(form.group() + checksum(form.group()))) {
            return new Content(
                    Long.parseLong(form.group(1)), Boolean.parseBoolean(form.group(2)), Long.parseLong(form.group(3)));
        }
        throw new IOException(
                file + " is damaged: expected used-term, was-primary, cloned-number and their crc32, found '"
                        + text.strip().replaceAll("\\R", " | ")
                        + "'. It says which term this host has used, so it is not made anew by itself. Look at the disk; when no"
                        + " PostgreSQL of this host runs, remove the file and this host's data directory, and it is cloned anew");
    }

    private static String text(Content content) {
        String lines = "used-term=" + content.usedTerm + "\nwas-primary=" + content.wasPrimary + "\ncloned-number="
                + content.clonedNumber + "\n";
        return lines + checksum(lines);
    }

    private static String checksum(String lines) {
        CRC32 sum = new CRC32();
        sum.update(lines.getBytes(StandardCharsets.US_ASCII));
        return CHECKSUM + Long.toHexString(sum.getValue()) + "\n";
    }
}
