namespace CnnCodegen.Generator;

/// <summary>The names of the pipeline's steps, by which tests ask the driver what was recomputed.</summary>
internal static class TrackingNames
{
    /// <summary>Symbols to model and diagnostics, for each network.</summary>
    public const string Read = nameof(Read);

    /// <summary>The model alone.</summary>
    public const string Model = nameof(Model);

    /// <summary>The project's settings.</summary>
    public const string Settings = nameof(Settings);

    /// <summary>The plan for each network and instruction set.</summary>
    public const string Plan = nameof(Plan);

    /// <summary>Each kernel of a plan.</summary>
    public const string Kernel = nameof(Kernel);
}
