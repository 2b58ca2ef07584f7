package dev.holdfast.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** Everything random in one world, from its seed. Draws happen in the order of the world's steps, so a seed repeats them. */
public final class Dice {

    private final SplittableRandom random;

    public Dice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    private Dice(SplittableRandom random) {
        this.random = random;
    }

    /** Dice of their own for a part of the world, so that one part's draws do not shift another's. */
    public Dice split() {
        return new Dice(random.split());
    }

    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Both ends included. */
    public int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    public long millis(long least, long most) {
        return random.nextLong(least * 1_000_000, most * 1_000_000 + 1);
    }

    public long micros(long least, long most) {
        return random.nextLong(least * 1_000, most * 1_000 + 1);
    }

    public long positive(long bound) {
        return random.nextLong(1, bound);
    }

    public <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
