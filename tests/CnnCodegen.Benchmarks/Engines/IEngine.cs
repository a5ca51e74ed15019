namespace CnnCodegen.Benchmarks;

/// <summary>A network that an engine has loaded, with its input.</summary>
internal interface IEngine : IDisposable
{
    /// <summary>What the tables call it.</summary>
    string Name { get; }

    /// <summary>Bytes that runs take besides the weights, the input and the output.</summary>
    long RunBytes { get; }

    /// <summary>Runs again and again for so long, once at least.</summary>
    /// <returns>The milliseconds of each run.</returns>
    IReadOnlyList<double> Run(TimeSpan atLeast);

    /// <summary>What the last run computed.</summary>
    float[] Output();
}
