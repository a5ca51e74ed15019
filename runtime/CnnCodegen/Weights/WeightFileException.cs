namespace CnnCodegen.Weights;

/// <summary>A weight file is malformed, or does not hold what the network needs. The message names the file and the tensor, what was found and what was expected.</summary>
public sealed class WeightFileException : Exception
{
    /// <summary>A problem of the file as a whole.</summary>
    /// <param name="source">The file.</param>
    /// <param name="problem">What was found and what was expected.</param>
    /// <param name="cause">The error behind it, if any.</param>
    public WeightFileException(string source, string problem, Exception? cause = null)
        : base($"{source}: {problem}", cause)
    {
    }

    /// <summary>A problem of one tensor.</summary>
    /// <param name="source">The file.</param>
    /// <param name="tensor">The tensor's name.</param>
    /// <param name="problem">What was found and what was expected.</param>
    public WeightFileException(string source, string tensor, string problem)
        : this(source, $"tensor '{tensor}': {problem}")
    {
    }
}
