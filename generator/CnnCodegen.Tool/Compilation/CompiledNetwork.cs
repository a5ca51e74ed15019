using System.Reflection;
using System.Runtime.Loader;

namespace CnnCodegen.Tool.Compilation;

/// <summary>A network compiled in memory; disposing unloads the code (after the networks loaded from it are gone).</summary>
/// <param name="type">The annotated class.</param>
/// <param name="context">Where its assembly is loaded.</param>
/// <param name="image">The assembly's bytes.</param>
internal sealed class CompiledNetwork(Type type, AssemblyLoadContext context, byte[] image) : IDisposable
{
    /// <summary>The assembly, for inspection.</summary>
    public byte[] Image => image;

    /// <summary>The plan for this machine.</summary>
    public NetworkInfo Info => (NetworkInfo)type.GetProperty("Info")!.GetValue(null)!;

    /// <summary>Loads the network with weights from a stream in safetensors format.</summary>
    public INetwork Load(Stream weights, NetworkOptions? options = null) => Invoke([typeof(Stream), typeof(NetworkOptions)], weights, options);

    /// <summary>Loads the network with weights from a safetensors file.</summary>
    public INetwork Load(string path, NetworkOptions? options = null) => Invoke([typeof(string), typeof(NetworkOptions)], path, options);

    public void Dispose() => context.Unload();

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
