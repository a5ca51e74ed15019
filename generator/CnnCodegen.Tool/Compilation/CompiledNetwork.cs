using System.Reflection;
using System.Runtime.Loader;
using CnnCodegen.Execution;

namespace CnnCodegen.Tool.Compilation;

/// <summary>A network compiled in memory; disposing unloads the code (after the networks loaded from it are gone).</summary>
/// <param name="type">The annotated class.</param>
/// <param name="image">The assembly's bytes.</param>
internal sealed class CompiledNetwork(Type type, byte[] image) : IDisposable
{
    /// <summary>The assembly, for inspection.</summary>
    public byte[] Image => image;

    /// <summary>The class's name, with its namespace.</summary>
    public string Name => type.FullName!;

    /// <summary>The weight file that the class names, or null.</summary>
    public string? WeightFile => type.GetCustomAttribute<NetworkAttribute>()?.Weights;

    /// <summary>The plan for this machine.</summary>
    public NetworkInfo Info => (NetworkInfo)type.GetProperty("Info")!.GetValue(null)!;

    /// <summary>The plan for an instruction set, whether this machine has it or not.</summary>
    /// <exception cref="ArgumentException">It was not generated.</exception>
    public NetworkInfo InfoFor(TargetIsa isa) =>
        Programs(type.Assembly).Select(p => p.Info).FirstOrDefault(info => info.Isa == isa)
        ?? throw new ArgumentException($"{Name} was not generated for {InstructionSets.Name(isa)}", nameof(isa));

    /// <summary>Every generated program of an assembly: one for each network and instruction set.</summary>
    public static IEnumerable<NetworkProgram> Programs(Assembly assembly) => assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(NetworkProgram)) && !t.IsAbstract)
        .Select(t => (NetworkProgram)Activator.CreateInstance(t, nonPublic: true)!);

    /// <summary>Loads the network with weights from a stream in safetensors format.</summary>
    public INetwork Load(Stream weights, NetworkOptions? options = null) => Invoke([typeof(Stream), typeof(NetworkOptions)], weights, options);

    /// <summary>Loads the network with weights from a safetensors file.</summary>
    public INetwork Load(string path, NetworkOptions? options = null) => Invoke([typeof(string), typeof(NetworkOptions)], path, options);

    public void Dispose() => AssemblyLoadContext.GetLoadContext(type.Assembly)!.Unload();

    private INetwork Invoke(Type[] signature, params object?[] arguments)
    {
        try
        {
            return (INetwork)type.GetMethod("Load", BindingFlags.Public | BindingFlags.Static, signature)!.Invoke(null, arguments)!;
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
    }
}
