using System.Reflection;
using System.Runtime.Loader;
using CnnCodegen.Execution;
using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Compilation;

namespace CnnCodegen.Tool.Models;

/// <summary>A compiled assembly, loaded to look at the plans in it; its code can be unloaded again.</summary>
internal sealed class NetworkLibrary : IDisposable
{
    private readonly AssemblyLoadContext _context;
    private readonly Assembly _assembly;
    private readonly string _path;

    /// <exception cref="CommandException">It does not exist, or is no assembly.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public NetworkLibrary(string path)
    {
        _path = Path.GetFullPath(path);
        if (!File.Exists(path)) throw new CommandException($"{path}: there is no such file");
        _context = new AssemblyLoadContext(path, isCollectible: true);
        AssemblyDependencyResolver resolver = new(_path);

        // The run time is the tool's own, so that the assembly's networks are of types known here; this resolves the rest.
        _context.Resolving += (context, name) => resolver.ResolveAssemblyToPath(name) is { } found ? context.LoadFromAssemblyPath(found) : null;
        try
        {
            using MemoryStream image = new(File.ReadAllBytes(_path));
            _assembly = _context.LoadFromStream(image);
        }
        catch (BadImageFormatException)
        {
            throw new CommandException($"{path}: this is no .NET assembly");
        }
    }

    /// <summary>The plans of its networks: those for an instruction set, or without one the best that this CPU has of each network's.</summary>
    /// <exception cref="CommandException">There is none, or the assembly was built for another version of the run time.</exception>
    public IReadOnlyList<NetworkInfo> Plans(TargetIsa? isa)
    {
        try
        {
            NetworkProgram[] programs = [.. CompiledNetwork.Programs(_assembly)];
            if (programs.Length == 0) throw new CommandException($"{_path}: the assembly holds no networks");
            NetworkInfo[] plans = [.. programs
                .GroupBy(p => p.GetType().Namespace)
                .Select(variants => variants.Where(p => isa is null ? p.IsSupported : p.Info.Isa == isa).MaxBy(p => p.Info.Isa)?.Info)
                .OfType<NetworkInfo>()];
            return plans.Length > 0 ? plans : throw new CommandException(
                $"{_path}: its networks were generated for {string.Join(", ", programs.Select(p => InstructionSets.Name(p.Info.Isa)).Distinct())} only; choose one with --isa");
        }
        catch (Exception e) when (e is ReflectionTypeLoadException or TypeLoadException or MissingMemberException or FileNotFoundException)
        {
            throw new CommandException($"{_path}: it was built for another version of CnnCodegen, or files are missing beside it ({e.Message})");
        }
    }

    public void Dispose() => _context.Unload();
}
