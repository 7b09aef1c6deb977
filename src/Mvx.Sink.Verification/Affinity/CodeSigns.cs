using System.Reflection;
using System.Reflection.Emit;

namespace Mvx.Sink.Verification;

/// <summary>
/// What the code of a class says about its own synchronisation: whether it takes locks, and which fields it hands out by reference (to Interlocked or Volatile).
/// </summary>
internal sealed class CodeSigns
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> _opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => code.Value);

    public HashSet<FieldInfo> ByReference { get; } = [];

    /// <summary>The types of what it works on with Interlocked or Volatile, which may be an element of an array.</summary>
    public HashSet<Type> Atomic { get; } = [];

    public bool TakesLocks { get; private set; }

    /// <summary>Whether it calls <c>ReportDelivered</c>: it says by itself what is in the backend.</summary>
    public bool ReportsDeliveries { get; private set; }

    /// <summary>The classes it makes objects of.</summary>
    public HashSet<Type> Makes { get; } = [];

    public static CodeSigns Of(IEnumerable<Type> types)
    {
        var signs = new CodeSigns();
        foreach (Type type in types)
            signs.Read(type);
        return signs;
    }

    private void Read(Type type)
    {
        foreach (MethodBase method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
            Read(method);
        foreach (Type nested in type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic))
            Read(nested.IsGenericTypeDefinition && type.IsConstructedGenericType ? nested.MakeGenericType(type.GetGenericArguments()) : nested);
    }

    private void Read(MethodBase method)
    {
        byte[]? code = method.GetMethodBody()?.GetILAsByteArray();
        if (code is null)
            return;
        Type[] typeArguments = method.DeclaringType is { IsGenericType: true } generic ? generic.GetGenericArguments() : [];
        Type[] methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (int at = 0; at < code.Length;)
        {
            short value = code[at++];
            if (value == 0xFE && at < code.Length)
                value = (short)(0xFE00 | code[at++]);
            if (!_opCodes.TryGetValue(value, out OpCode opCode))
                return;
            if (opCode == OpCodes.Ldflda && Resolve(method.Module, BitConverter.ToInt32(code, at), typeArguments, methodArguments) is FieldInfo field)
                ByReference.Add(field);
            else if ((opCode == OpCodes.Call || opCode == OpCodes.Callvirt || opCode == OpCodes.Newobj)
                && Resolve(method.Module, BitConverter.ToInt32(code, at), typeArguments, methodArguments) is MethodBase called)
            {
                Note(called, isNew: opCode == OpCodes.Newobj);
            }

            at += OperandSize(opCode, code, at);
        }
    }

    private void Note(MethodBase called, bool isNew)
    {
        if (isNew)
            Makes.Add(called.DeclaringType!);
        else if (called.DeclaringType == typeof(Monitor) || called.DeclaringType == typeof(Lock) || called.DeclaringType == typeof(SemaphoreSlim) || called.DeclaringType == typeof(ReaderWriterLockSlim))
            TakesLocks = true;
        else if ((called.DeclaringType == typeof(Interlocked) || called.DeclaringType == typeof(Volatile)) && called.GetParameters() is [{ ParameterType: { IsByRef: true } place }, ..])
            Atomic.Add(place.GetElementType()!);
        else if (called.Name == "ReportDelivered" && called.DeclaringType?.Assembly == typeof(SinkRuntime).Assembly)
            ReportsDeliveries = true;
    }

    private static MemberInfo? Resolve(Module module, int token, Type[] typeArguments, Type[] methodArguments)
    {
        try
        {
            return module.ResolveMember(token, typeArguments, methodArguments);
        }
        catch (Exception)
        {
            return null; // a reference that cannot be loaded here says nothing
        }
    }

    private static int OperandSize(OpCode opCode, byte[] code, int at) => opCode.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };
}
