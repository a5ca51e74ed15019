namespace CnnCodegen.Execution;

/// <summary>Picks the program for this CPU.</summary>
internal static class ProgramSelection
{
    private const string Fix = "build with the MSBuild property CnnTargetIsa set to auto or portable, or set NetworkOptions.AllowEmulation";

    public static NetworkProgram Select(NetworkProgram[] candidates, NetworkOptions? options)
    {
        bool emulate = options?.AllowEmulation ?? false;
        if (options?.Isa is { } isa)
        {
            NetworkProgram pinned = Array.Find(candidates, program => program.Info.Isa == isa)
                ?? throw new ArgumentException($"{candidates[0].Info.Name} was not generated for {isa}, only for {Names(candidates)}", nameof(options));
            if (pinned.IsSupported || emulate) return pinned;
            throw new PlatformNotSupportedException($"This CPU does not support {isa}, which NetworkOptions.Isa asks for; leave it null, or set NetworkOptions.AllowEmulation.");
        }
        if (Array.Find(candidates, program => program.IsSupported) is { } supported) return supported;
        if (emulate) return candidates[^1];
        throw new PlatformNotSupportedException($"{candidates[0].Info.Name} was generated for {Names(candidates)} only, which this CPU does not support; {Fix}.");
    }

    private static string Names(NetworkProgram[] candidates) => string.Join(", ", candidates.Select(program => program.Info.Isa));
}
