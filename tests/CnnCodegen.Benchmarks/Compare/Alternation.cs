namespace CnnCodegen.Benchmarks;

/// <summary>Takes turns (A B A B ...), so that all see the same machine.</summary>
/// <param name="rounds">Turns of each.</param>
/// <param name="turn">How long a turn is at least.</param>
internal sealed class Alternation(int rounds, TimeSpan turn)
{
    /// <summary>Threads that wait actively for the next call have gone to sleep after this time.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    /// <summary>The times of each engine, after turns that are not counted.</summary>
    /// <param name="engines">Who takes turns.</param>
    /// <param name="beforeRound">Called before each round.</param>
    public Timing[] Measure(IReadOnlyList<IEngine> engines, Action beforeRound)
    {
        List<double>[] times = [.. engines.Select(_ => new List<double>())];
        foreach (IEngine engine in engines) engine.Run(2 * turn);
        for (int round = 0; round < rounds; round++)
        {
            beforeRound();
            for (int i = 0; i < engines.Count; i++)
            {
                times[i].AddRange(engines[i].Run(turn));
                Thread.Sleep(Pause);
            }
        }

        return [.. times.Select(Timing.Of)];
    }
}
