namespace CnnCodegen.Execution;

/// <summary>Picks the program for this CPU. What only options and messages need stands apart: the first load compiles every method that it calls, whole.</summary>
internal static class ProgramSelection
{
    private const string Fix = "build with the MSBuild property CnnTargetIsa set to auto or portable, or set NetworkOptions.AllowEmulation";

    public static NetworkProgram Select(NetworkProgram[] candidates, NetworkOptions? options)
    {
        if (options is not null) return SelectBy(options, candidates);
        foreach (NetworkProgram program in candidates)
            if (program.IsSupported) return program;
        throw Unsupported(candidates);
    }

    private static NetworkProgram SelectBy(NetworkOptions options, NetworkProgram[] candidates)
    {
        if (options.Isa is { } isa)
        {
            NetworkProgram pinned = Array.Find(candidates, program => program.Info.Isa == isa)
                ?? throw new ArgumentException($"{candidates[0].Info.Name} was not generated for {isa}, only for {Names(candidates)}", nameof(options));
            if (pinned.IsSupported || options.AllowEmulation) return pinned;
            throw new PlatformNotSupportedException($"This CPU does not support {isa}, which NetworkOptions.Isa asks for; leave it null, or set NetworkOptions.AllowEmulation.");
        }
        return Array.Find(candidates, program => program.IsSupported) ?? (options.AllowEmulation ? candidates[^1] : throw Unsupported(candidates));
    }

    private static PlatformNotSupportedException Unsupported(NetworkProgram[] candidates) =>
        new($"{candidates[0].Info.Name} was generated for {Names(candidates)} only, which this CPU does not support; {Fix}.");

    private static string Names(NetworkProgram[] candidates) => string.Join(", ", candidates.Select(program => program.Info.Isa));
}
