namespace CnnCodegen.Generator.Planning;

/// <summary>
/// The estimated work of a layer on one core, from which algorithms are compared. A core is taken to issue two vector instructions
/// a cycle while the next weights arrive; whichever takes longer counts.
/// </summary>
/// <param name="MultiplyAdds">Vector multiply-adds, with what they do for nothing: padding of tiles and lanes.</param>
/// <param name="Others">Other vector instructions that multiply-adds do not hide: transforms, loads and stores.</param>
/// <param name="FarBytes">Bytes that come from beyond the second-level cache.</param>
internal sealed record Cost(double MultiplyAdds, double Others = 0, double FarBytes = 0)
{
    private const double InstructionsPerCycle = 2;

    /// <summary>What one core reads from the third level or from memory, mixed; processors of several years measure 5 to 9.</summary>
    private const double FarBytesPerCycle = 6;

    /// <summary>The estimated time.</summary>
    public double Cycles => Math.Max((MultiplyAdds + Others) / InstructionsPerCycle, FarBytes / FarBytesPerCycle);
}
