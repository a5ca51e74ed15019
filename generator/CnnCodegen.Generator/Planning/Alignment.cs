namespace CnnCodegen.Generator.Planning;

/// <summary>Everything that a vector reads begins at a cache line: buffers of the workspace, and each kernel's weights and biases.</summary>
internal static class Alignment
{
    /// <summary>Bytes of a cache line, and of the widest vector.</summary>
    public const int Bytes = 64;

    /// <summary>The next multiple of <see cref="Bytes"/>.</summary>
    public static long Up(long bytes) => (bytes + Bytes - 1) / Bytes * Bytes;
}
